/** A file in the artifact store: too large, or too telling, for Temporal's history. */
export interface ArtifactRef {
  /** Path inside the store: `<workflow id>/<name>`. */
  readonly key: string;
  readonly bytes: number;
  /** Lower-case hex of the content. */
  readonly sha256: string;
}
