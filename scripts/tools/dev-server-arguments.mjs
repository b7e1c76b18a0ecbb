/**
 * Settings of Temporal's dev server that make it answer in milliseconds: by default it polls its one
 * shard 20 times a second, rounds short timers up to a second and spreads each queue over four
 * partitions, so that one start in a hundred waits two seconds.
 */
export const devServerSettings = [
  'history.transferProcessorMaxPollRPS=2000',
  'history.timerProcessorMaxPollRPS=2000',
  'history.visibilityProcessorMaxPollRPS=2000',
  'history.timerProcessorMaxTimeShift="10ms"',
  'matching.numTaskqueueReadPartitions=1',
  'matching.numTaskqueueWritePartitions=1',
  'system.enableActivityEagerExecution=true',
].flatMap((setting) => ['--dynamic-config-value', setting]);

export const searchAttributeArguments = [
  'provisionStatus=Text',
  'tfDirectory=Text',
  'quarterdeckService=Keyword',
  'quarterdeckEnvironment=Keyword',
  'quarterdeckRequester=Keyword',
].flatMap((attribute) => ['--search-attribute', attribute]);
