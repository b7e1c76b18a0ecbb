import type { CommandButton } from '../../cards/card.ts';
import type { LiveRun } from '../../runs/port.ts';
import type { Signer } from '../security/signer.ts';

/**
 * Names one press of one button. It changes when the run has moved on so far that a press means something
 * new (a second retry), and not with every drawing, so two clicks with a redrawing in between are one.
 * What is no run's card is told from others by its own name: the same words there mean another run.
 */
export const createNonceFor =
  (signer: Signer, run: LiveRun | null, note = '') =>
  ({ command, args, digest = '' }: CommandButton): string => {
    const tries = run?.view.stages.reduce((sum, { attempt }) => sum + attempt, 0) ?? 0;
    const status = run?.view.status ?? '';
    const place = note === '' || digest !== '' ? [] : [note];
    const named = [command, args, digest, command === 'retry' ? tries : status, ...place];
    return signer.deriveId('press', JSON.stringify(named));
  };
