import type { KnownBlock } from '@slack/types';

// Slack's rules as its reference states them, plus those that no validator checks: empty context,
// doubled block_id, doubled action_id in a block, more than one table.
const fail: (path: string, why: string) => never = (path, why) => {
  throw new Error(`${path}: ${why}`);
};

type Json = Record<string, unknown>;
const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null;

const between = (path: string, value: unknown, min: number, max: number): void => {
  if (typeof value !== 'string') fail(path, 'is not text');
  const { length } = value;
  if (length < min || length > max) fail(path, `has ${length} characters, not ${min} to ${max}`);
};

const textObject = (path: string, value: unknown, max: number, plainOnly = false): void => {
  if (!isJson(value)) fail(path, 'is not a text object');
  if (value.type !== 'plain_text' && (plainOnly || value.type !== 'mrkdwn'))
    fail(path, `may not be ${String(value.type)}`);
  between(`${path}.text`, value.text, 1, max);
};

const confirmation = (path: string, value: unknown): void => {
  if (!isJson(value)) fail(path, 'is not a confirm object');
  textObject(`${path}.title`, value.title, 100, true);
  textObject(`${path}.text`, value.text, 300);
  textObject(`${path}.confirm`, value.confirm, 30, true);
  textObject(`${path}.deny`, value.deny, 30, true);
};

const button = (path: string, value: Json): void => {
  textObject(`${path}.text`, value.text, 75, true);
  between(`${path}.action_id`, value.action_id, 1, 255);
  if (value.value !== undefined) between(`${path}.value`, value.value, 1, 2000);
  if (value.url !== undefined) between(`${path}.url`, value.url, 1, 3000);
  if (value.confirm !== undefined) confirmation(`${path}.confirm`, value.confirm);
};

const actions = (path: string, block: Json): void => {
  const elements = block.elements as readonly Json[];
  if (elements.length < 1 || elements.length > 25) fail(path, `has ${elements.length} elements`);
  const ids = elements.map((element) => element.action_id);
  if (new Set(ids).size !== ids.length) fail(path, 'has an action_id twice');
  for (const [index, element] of elements.entries()) button(`${path}.elements[${index}]`, element);
};

/** Every text inside rich_text has something in it, and every link leads to the web. */
const rich = (path: string, value: unknown): void => {
  if (Array.isArray(value)) {
    if (value.length === 0) fail(path, 'is empty');
    for (const [index, item] of value.entries()) rich(`${path}[${index}]`, item);
  } else if (isJson(value)) {
    if (value.type === 'text') between(`${path}.text`, value.text, 1, 12_000);
    else if (value.type === 'link') {
      between(`${path}.url`, value.url, 1, 3000);
      if (!/^https?:\/\//i.test(String(value.url))) fail(path, 'links to something else than the web');
    } else if (value.type !== 'user') rich(`${path}.elements`, value.elements);
  }
};

const oneBlock = (path: string, block: Json): void => {
  if (block.block_id !== undefined) between(`${path}.block_id`, block.block_id, 1, 255);
  switch (block.type) {
    case 'header':
      textObject(`${path}.text`, block.text, 150, true);
      break;
    case 'section': {
      const fields = block.fields as readonly unknown[] | undefined;
      if (block.text === undefined && fields === undefined) fail(path, 'has neither text nor fields');
      if (block.text !== undefined) textObject(`${path}.text`, block.text, 3000);
      if (fields !== undefined && (fields.length < 1 || fields.length > 10))
        fail(path, 'has too many fields');
      for (const field of fields ?? []) textObject(`${path}.fields`, field, 2000);
      break;
    }
    case 'context': {
      const elements = block.elements as readonly unknown[];
      if (elements.length < 1 || elements.length > 10) fail(path, 'has too few or too many elements');
      for (const element of elements) textObject(`${path}.elements`, element, 2000);
      break;
    }
    case 'actions':
      actions(path, block);
      break;
    case 'rich_text':
      rich(`${path}.elements`, block.elements);
      break;
    case 'divider':
    case 'input':
      break;
    default:
      fail(path, `is of a type that is not used here: ${String(block.type)}`);
  }
};

const wellFormed = (path: string, value: unknown): void => {
  if (typeof value === 'string') {
    if (!value.isWellFormed()) fail(path, 'holds half a character');
  } else if (isJson(value))
    for (const [key, item] of Object.entries(value)) wellFormed(`${path}.${key}`, item);
};

/** Throws when Slack would refuse these blocks. */
export const assertBlocks = (
  blocks: readonly KnownBlock[],
  surface: 'message' | 'view' = 'message',
): void => {
  const most = surface === 'message' ? 50 : 100;
  if (blocks.length < 1 || blocks.length > most) fail('blocks', `are ${blocks.length}`);
  for (const [index, block] of blocks.entries()) oneBlock(`blocks[${index}]`, block as unknown as Json);
  const names = blocks.flatMap(({ block_id: name }) => (name === undefined ? [] : [name]));
  if (new Set(names).size !== names.length) fail('blocks', 'have a block_id twice');
  if (blocks.filter(({ type }) => type === 'table').length > 1) fail('blocks', 'have more than one table');
  const bytes = Buffer.byteLength(JSON.stringify(blocks));
  if (surface === 'message' && bytes > 12_000) fail('blocks', `take ${bytes} bytes`);
  wellFormed('blocks', blocks);
};
