import { ChatError } from '../platform/errors.ts';
import type { SlackClient } from './clients.ts';
import { readSlackError } from './slack-error.ts';

const uploadTimeoutMs = 30_000;

/** Hands a file's bytes to Slack, where nobody sees it yet; returns its id. */
export const uploadBytes = async (client: SlackClient, name: string, content: Buffer): Promise<string> => {
  const doing = `uploading ${name} to Slack`;
  const again = (error: unknown): ChatError =>
    new ChatError(`${doing}: no answer`, 'retryable', { cause: error });
  const { upload_url: url, file_id: id } = await client.files
    .getUploadURLExternal({ filename: name, length: content.length })
    .catch((error: unknown) => {
      throw readSlackError(error).kind === 'unanswered' ? again(error) : error;
    });
  if (!url || !id) throw new ChatError(`${doing}: Slack named no place for it`, 'retryable');
  const answer = await fetch(url, {
    method: 'POST',
    body: new Uint8Array(content),
    headers: { 'content-type': 'application/octet-stream' },
    signal: AbortSignal.timeout(uploadTimeoutMs),
  }).catch((error: unknown) => {
    throw again(error);
  });
  await answer.body?.cancel();
  if (!answer.ok) throw new ChatError(`${doing}: HTTP ${answer.status}`, 'retryable');
  return id;
};
