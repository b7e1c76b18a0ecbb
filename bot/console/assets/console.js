import { startComposer } from './composer.js';
import { startForms } from './forms.js';
import { toEnd } from './scroll.js';
import { startStream } from './stream.js';
import { startTimes } from './times.js';

document.documentElement.dataset.script = 'on';
startTimes();
startForms();
startComposer();
startStream();
if (document.querySelector('#entries')?.children.length) toEnd();
