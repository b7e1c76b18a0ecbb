import type { Response } from 'express';

/** An answer in words for people and tools, never with a word of what was sent. */
export const refuse = (response: Response, status: number, message: string): void => {
  if (status === 401) response.set('www-authenticate', 'Bearer');
  response.status(status).json({ message });
};
