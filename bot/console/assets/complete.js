// Completions for the command line.

const starts = (word, typed) => word.toLowerCase().startsWith(typed.toLowerCase());

const runIds = (addresses) => {
  const ids = addresses.map((address) => /([0-9a-f]{6})[0-9a-f]{2}-[0-9a-f]{4}-/.exec(address)?.[1] ?? '');
  return [...new Set(ids)].filter((id) => id !== '').reverse();
};

/** Candidates for the word being typed: [word, description, whether more can follow]. */
const candidates = (before, { commands, services, stacks }, addresses) => {
  const [word, first] = before;
  if (before.length === 0)
    return commands.map(({ name, usage, description }) => [name, description, usage !== '']);
  const usage = commands.find(({ name }) => name === word)?.usage ?? '';
  if (before.length === 1) {
    const takesNames = /<(service|stack)>/.test(usage);
    const environments = /environment/.test(usage);
    return [
      ...(/<id>/.test(usage) ? runIds(addresses).map((id) => [id, 'run', !takesNames]) : []),
      ...(/<service>/.test(usage)
        ? services.map((service) => [service.name, service.environments.join(', '), environments])
        : []),
      ...(/<stack>/.test(usage) ? stacks.map((name) => [name, 'stack', false]) : []),
    ];
  }
  if (before.length === 2 && /\[environment\]/.test(usage))
    return (services.find(({ name }) => name === first)?.environments ?? []).map((name) => [
      name,
      `of ${first}`,
      false,
    ]);
  return [];
};

/** At most 8 completed lines. */
export const complete = (line, completions, addresses) => {
  const bare = line.replace(/^\s*\//, '').trimStart();
  if (bare === '') return [];
  const words = bare.split(/\s+/);
  const typed = words.pop();
  return candidates(words, completions, addresses)
    .filter(([word]) => starts(word, typed) && word !== typed)
    .slice(0, 8)
    .map(([word, about, more]) => ({ word, about, line: `${[...words, word].join(' ')}${more ? ' ' : ''}` }));
};
