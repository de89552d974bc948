// `npm run image [-- --tag NAME --base IMAGE --analyst]`: builds the agent's image of what is installed here. The build itself
// needs no network; where there is one, `docker build .` does the same.
import { buildAgentImage } from './agentImage.ts';
import { readOptions } from './readOptions.ts';

const USAGE = `npm run image [-- --tag NAME] [--base IMAGE] [--analyst] [--label KEY=VALUE ...]

  --tag NAME         what it is called; mpa-agent
  --base IMAGE       what it is built on; node:26-slim
  --analyst          with the packages that the analyst needs
  --label KEY=VALUE  a label of the image; may be given again`;

const { values } = readOptions(USAGE, {
  tag: { type: 'string', default: 'mpa-agent' },
  base: { type: 'string', default: 'node:26-slim' },
  analyst: { type: 'boolean', default: false },
  label: { type: 'string', multiple: true, default: [] },
});
const labels = Object.fromEntries(
  values.label.map((label) => [label.split('=', 1)[0] ?? '', label.slice(label.indexOf('=') + 1)]),
);
const id = await buildAgentImage({ tag: values.tag, base: values.base, labels, analyst: values.analyst });
console.log(`${values.tag} is ${id}`);
