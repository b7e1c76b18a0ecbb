import { keepComposer } from './composer.js';
import { keepForms } from './forms.js';
import { toEnd } from './scroll.js';
import { keepCurrent } from './stream.js';
import { keepTimes } from './times.js';

document.documentElement.dataset.script = 'on';
keepTimes();
keepForms();
keepComposer();
keepCurrent();
if (document.querySelector('#entries')?.children.length) toEnd();
