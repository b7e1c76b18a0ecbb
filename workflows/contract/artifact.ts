/** A reference to a file in the artifact store: for content that is too large or too sensitive for a history. */
export interface ArtifactRef {
  /** Path inside the store: `<workflow id>/<name>`. */
  readonly key: string;
  /** Size of the content before encryption. */
  readonly bytes: number;
  /** SHA-256 of the content, 64 lowercase hex digits. */
  readonly sha256: string;
}
