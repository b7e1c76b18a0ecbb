// The allowed imports between folders. Each rule has a reason, so that an error shows what to change.
const contract = '^workflows/contract/';
const tests = '([.]test[.]ts|/testing/.*)$';
/** Code that both the bot and the worker use, and that depends on neither. */
const shared = '^(activities/(artifacts|catalog)|runtime)/';
/** The folder of each chat: every folder of bot/ except the shared ones. */
const platform =
  '^bot/(?!cards/|commands/|delivery/|http/|platform/|process/|runs/|store/|testing/|text/)([^/]+)/';

const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

export default {
  forbidden: [
    rule(
      'contract-imports-only-contract',
      'Both processes share it; it may drag neither in.',
      { path: contract, pathNot: tests },
      { path: '^(bot|worker|workflows|activities|runtime|cli|scripts|test|bench)/', pathNot: contract },
    ),
    rule(
      'contract-needs-only-temporal',
      'The contract is words and shapes.',
      { path: contract, pathNot: tests },
      { dependencyTypes: ['npm', 'npm-dev', 'core'], pathNot: 'node_modules/@temporalio/(workflow|common)/' },
    ),
    rule(
      'workflows-stay-deterministic',
      'A value import would pull Node or a library into the sandbox.',
      { path: '^workflows/', pathNot: tests },
      { path: '^(activities|bot|worker|cli|scripts|test|bench)/', dependencyTypesNot: ['type-only'] },
    ),
    rule(
      'workflows-need-only-temporal',
      'Only @temporalio/workflow and common are safe to replay.',
      { path: '^workflows/', pathNot: tests },
      { dependencyTypes: ['npm', 'npm-dev', 'core'], pathNot: 'node_modules/@temporalio/(workflow|common)/' },
    ),
    rule(
      'activities-know-no-caller',
      'An activity gets only what it needs.',
      { path: '^activities/', pathNot: tests },
      { path: '^(bot|worker|runtime|cli|scripts|test|bench|workflows)/', pathNot: contract },
    ),
    rule(
      'encryption-imports-no-folder',
      'Every process that reads or writes encrypted data shares it.',
      { path: '^encryption/', pathNot: tests },
      { path: '^(bot|worker|workflows|activities|runtime|codec-server|cli|scripts|test|bench)/' },
    ),
    rule(
      'codec-server-sees-only-payloads',
      'It holds the keys and answers browsers, so it must not load anything else.',
      { path: '^codec-server/', pathNot: tests },
      { path: '^(bot|worker|workflows|activities|cli|scripts|test|bench)/' },
    ),
    rule(
      'worker-never-sees-the-bot',
      'Chat tokens stay out of the process with cloud credentials.',
      { path: '^worker/', pathNot: tests },
      { path: '^(bot|cli|scripts|test|bench)/' },
    ),
    rule(
      'bot-never-sees-the-work',
      'The bot speaks to the work through Temporal alone; files and the catalog it may read.',
      { path: '^bot/', pathNot: tests },
      { path: '^(worker|workflows|activities|cli|scripts|test|bench)/', pathNot: [contract, shared] },
    ),
    rule(
      'cards-are-pure',
      'A card is a function of the facts.',
      { path: '^bot/(cards|text)/', pathNot: tests },
      { pathNot: [contract, '^bot/(cards|text)/'] },
    ),
    rule(
      'runs-know-no-delivery',
      'The read model publishes through a function that it gets; delivery imports the read model.',
      { path: '^bot/runs/', pathNot: tests },
      { path: '^bot/(delivery|process|commands)/' },
    ),
    rule(
      'only-the-process-connects-delivery',
      'Notifications have one entry, so every message passes the same queues; two pure files are shared.',
      { path: '^bot/', pathNot: ['^bot/(delivery|process)/', tests] },
      { path: '^bot/delivery/(?!thread-posts|subscribers)' },
    ),
    rule(
      'store-is-the-lowest-part',
      'The store knows the shapes of what it keeps, and nothing that uses it.',
      { path: '^bot/store/', pathNot: tests },
      { path: '^bot/(?!store/)', dependencyTypesNot: ['type-only'] },
    ),
    rule(
      'platforms-are-strangers',
      'Adding a platform touches no other.',
      { path: platform },
      { path: platform, pathNot: '^bot/$1/' },
    ),
    rule(
      'core-names-no-platform',
      'Only platforms.ts lists them.',
      { path: '^bot/', pathNot: [platform, '^bot/platforms[.]ts$', tests] },
      { path: platform },
    ),
    rule(
      'platforms-never-see-temporal',
      'A platform turns people into invocations and cards into messages.',
      { path: platform, pathNot: tests },
      { path: 'node_modules/@temporalio/' },
    ),
    rule(
      'product-imports-no-dev-dependency',
      'Production installs omit them.',
      { path: '^(bot|worker|workflows|activities|encryption|codec-server|cli)/', pathNot: tests },
      { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: 'node_modules/@types/' },
    ),
    rule(
      'no-cycles',
      'A cycle hides which part is the lower one.',
      {},
      { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(examples|[.]quarterdeck)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.json'],
    },
  },
};
