/** A word or phrase that readers stumble over, and what to write for it. */
interface BannedWord {
  /** A regular expression; it matches whole words in any case. */
  readonly pattern: string;
  readonly instead: string;
}

const ban = (pattern: string, instead: string): BannedWord => ({ pattern, instead });

/** Old, literary or literally translated words. */
const archaic: readonly BannedWord[] = [
  ban('mend(s|ed|ing|able)?', 'fix'),
  ban('anew', 'again'),
  ban('shall', 'must, should or will'),
  ban('who(m|so)?ever', 'the person, the approver, the process: name who acts'),
  ban('(some|any|every)body', 'name who acts, or write someone, anyone, everyone'),
  ban('nobody', 'name who acts; write "no one" only when truly needed'),
  ban('for ever', 'forever, or a limit'),
  ban('in force', 'active'),
  ban('go(es)? by', 'uses'),
  ban('of (its|their|our|your|my|his|her|his) own', 'its own X, or separate'),
  ban('(not )?to be had|cannot be had', 'available, unavailable'),
  ban('small letters?', 'lowercase letters'),
  ban('beside', 'next to, or compared with'),
  ban('besides', 'in addition, also'),
  ban('com(es?|ing) to nothing|came to nothing', 'has no effect, is rejected'),
  ban('as yet', 'yet'),
  ban('(there|here|where)(by|in|of|upon|with)|hence|whence|thence|hitherto|henceforth', 'so, by this, then'),
  ban('upon', 'on'),
  ban('likewise', 'also'),
  ban('meanwhile', 'while …, or nothing'),
  ban('lest', 'so that … not'),
  ban('whilst|amongst|amidst', 'while, among'),
  ban('naught|nought|aught', 'nothing, zero'),
  ban('is begun|was begun|are begun', 'starts, started'),
  ban('e-mails?', 'email'),
  ban("(not|is not|isn't) your doing", 'Internal error'),
  ban('at first reading', 'clearly'),
  ban('let in|lets in|letting in', 'authorized, allowed'),
  ban('so much is', 'this is'),
];

/** Metaphors of this project for things that have a standard name. */
const metaphors: readonly BannedWord[] = [
  ban('errands?', 'operation, request'),
  ban('patience|patient(ly)?', 'timeout, retry budget'),
  ban('leash(es|ed)?', 'parent process'),
  ban('pens?', 'renderer'),
  ban('ears?', 'receiver, listener'),
  ban('owe[sd]?|owing', 'deferred, pending'),
  ban('untold', 'not delivered'),
  ban('cuts? short|cutting short', 'interrupted'),
  ban('(give|gave|given|giving|gives) back', 'releases, returns'),
  ban('look(s|ed|ing)? for drift', 'drift check, checks for drift'),
  ban('(drift|it|they) (is|are|was|were) looked for', 'Quarterdeck checks for'),
  ban('what (came|comes|became|becomes) of', 'the result of'),
  ban('(a|your|one|his|her|their) word|a word or two', 'command, decision, or a reason'),
  ban('lack of room|no room|room for', 'space, or a limit with a number'),
  ban('goes round', 'cycle'),
  ban('(had|has|have|its|their|for a) turn', 'queued, or holds the environment lock'),
  ban('asks? for work|asking for work', 'polls'),
  ban('ended hard', 'crashed, or was killed'),
];

/** Sentences without an actor, and hedges. */
const vague: readonly BannedWord[] = [
  ban('hears?|heard', 'is notified, receives'),
  ban('(is|are|was|were|be|been|being|gets?) told', 'notifies, tells: name who does it'),
  ban('tells? of|telling of|told of', 'reports'),
  ban('(is|are|was|were|be|been) tried again', 'Quarterdeck retries'),
  ban('just now', 'the present tense ("is not responding"), or a number'),
  ban('those who may', 'approvers, or the role'),
  ban('at the most|are the most|is the most', 'at most, limit'),
  ban('say (why|which|what|who|so)', 'give a reason, name the run'),
  ban('no such word', 'unknown command'),
  ban('does not know (you|it|them) any more', 'no longer exists'),
  ban('of no known', 'unsupported'),
];

const words: readonly BannedWord[] = [...archaic, ...metaphors, ...vague];

/** Quotes of other systems that a file must repeat exactly. Keep this list tiny. */
const exceptions: readonly { readonly path: string; readonly text: string; readonly reason: string }[] = [
  {
    path: 'test/messages.test.ts',
    text: 'It is tried again in a minute.',
    reason: 'an example of a bad sentence',
  },
  { path: 'test/messages.test.ts', text: 'Mend `repo`', reason: 'an example of a bad sentence' },
  {
    path: 'scripts/start/instance.ts',
    text: 'leash.sh',
    reason: 'the name in a start by an earlier version',
  },
  { path: 'scripts/start/instance.ts', text: '|leash)', reason: 'the same name' },
];

const matchers = words.map(({ pattern, instead }) => ({
  matcher: new RegExp(`(?<![\\w-])(?:${pattern})(?![\\w-])`, 'gi'),
  instead,
}));

/** The banned words in a text, each with its position and what to write for it. */
export const findBannedWords = (
  path: string,
  text: string,
): readonly { readonly at: number; readonly word: string; readonly instead: string }[] => {
  const quoted = exceptions.filter((exception) => exception.path === path).map(({ text }) => text);
  const checked = quoted.reduce((rest, quote) => rest.replaceAll(quote, '_'.repeat(quote.length)), text);
  return matchers.flatMap(({ matcher, instead }) =>
    [...checked.matchAll(matcher)].map((match) => ({ at: match.index, word: match[0], instead })),
  );
};
