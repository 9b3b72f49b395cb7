import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cruise } from 'dependency-cruiser';
import { expect, it } from 'vitest';
import config, { layers } from '../../.dependency-cruiser.mjs';
import { checkout, directoryOf } from './files.ts';

/** Draws the graph under `folders` and says what breaks a rule, as `rule: from -> to`. */
async function lookAt(baseDir: string, folders: readonly string[]) {
  const options = { ...config.options, baseDir, validate: true, ruleSet: { forbidden: config.forbidden } };
  const { output } = await cruise([...folders], options);
  if (typeof output === 'string') throw new TypeError('dependency-cruiser gave text instead of a graph');
  return {
    modules: output.modules.map((module) => module.source),
    broken: output.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`).toSorted(),
  };
}

it('finds that every import points to its own folder or to a layer above', async () => {
  const { modules, broken } = await lookAt(
    checkout,
    ['src', 'scripts', 'bench'].filter((folder) => existsSync(join(checkout, folder))),
  );

  expect(broken).toEqual([]);
  expect(modules).toEqual(expect.arrayContaining(['src/boot.mjs', 'src/cli/main.ts', 'src/model/errors.ts']));
});

it('knows every folder of src', () => {
  const folders = readdirSync(join(checkout, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory());

  expect(folders.map(({ name }) => name).filter((name) => ![...layers.flat(), 'testing'].includes(name))).toEqual([]);
});

it('catches what it is there to catch', async () => {
  const root = directoryOf({
    'tsconfig.json': '{}',
    'src/lib/lines.ts': 'export const lines = 1;\n',
    'src/lib/hash.ts': "import { createHash } from 'node:crypto';\nexport const hash = createHash;\n",
    'src/lib/one.ts': "import { two } from './two.ts';\nexport const one = (): unknown => two;\n",
    'src/lib/two.ts': "import { one } from './one.ts';\nexport const two = (): unknown => one;\n",
    'src/lib/three.ts': "import type { Four } from './four.ts';\nexport type Three = Four | 3;\n",
    'src/lib/four.ts': "import type { Three } from './three.ts';\nexport type Four = Three[];\n",
    'src/model/upwards.ts': "import { read } from '../engine/read.ts';\nexport const up = read;\n",
    'src/model/type-upwards.ts': "import type { Read } from '../engine/read.ts';\nexport type Up = Read;\n",
    'src/model/inline-type-upwards.ts': "import { type Read } from '../engine/read.ts';\nexport type Up = Read;\n",
    'src/model/type-in-place.ts': "export type Up = import('../engine/read.ts').Read;\n",
    'src/model/re-export-upwards.ts': "export type { Read } from '../engine/read.ts';\n",
    'src/model/late-upwards.ts': "export const late = () => import('../engine/read.ts');\n",
    'src/model/node.ts': "import { cpus } from 'node:os';\nexport const n = cpus;\n",
    'src/model/node-by-detour.ts': "import { hash } from '../lib/hash.ts';\nexport const n = hash;\n",
    'src/model/fine.ts': "import { lines } from '../lib/lines.ts';\nexport const fine = lines;\n",
    'src/model/fine.test.ts': "import { read } from '../engine/read.ts';\nimport 'node:fs';\nexport const t = read;\n",
    'src/bpf/sibling.ts': "import { rule } from '../sigma/rule.ts';\nexport const s = rule;\n",
    'src/sigma/rule.ts': "import { fine } from '../model/fine.ts';\nexport const rule = fine;\n",
    'src/parsers/fs.ts': "import { readFileSync } from 'node:fs';\nexport const p = readFileSync;\n",
    'src/detectors/socket.ts': "import { connect } from 'node:net';\nexport const d = connect;\n",
    'src/sources/test-code.ts': "import { helper } from '../testing/helper.ts';\nexport const h = helper;\n",
    'src/testing/helper.ts': "import { read } from '../engine/read.ts';\nexport const helper = read;\n",
    'src/sources/lost.ts': "import { gone } from '../model/gone.ts';\nexport const g = gone;\n",
    'src/engine/read.ts':
      "import { rule } from '../sigma/rule.ts';\nexport const read = rule;\nexport type Read = 1;\n",
  });

  const { modules, broken } = await lookAt(root, ['src']);

  expect(modules.length).toBeGreaterThan(20);
  expect(broken).toEqual([
    'bpf-layer-imports-upwards-only: src/bpf/sibling.ts -> src/sigma/rule.ts',
    'everything-resolves: src/sources/lost.ts -> ../model/gone.ts',
    'judgements-open-nothing: src/detectors/socket.ts -> net',
    'judgements-open-nothing: src/parsers/fs.ts -> fs',
    'model-and-api-reach-no-node: src/model/node-by-detour.ts -> crypto',
    'model-and-api-reach-no-node: src/model/node.ts -> os',
    'model-layer-imports-upwards-only: src/model/inline-type-upwards.ts -> src/engine/read.ts',
    'model-layer-imports-upwards-only: src/model/late-upwards.ts -> src/engine/read.ts',
    'model-layer-imports-upwards-only: src/model/re-export-upwards.ts -> src/engine/read.ts',
    'model-layer-imports-upwards-only: src/model/type-in-place.ts -> src/engine/read.ts',
    'model-layer-imports-upwards-only: src/model/type-upwards.ts -> src/engine/read.ts',
    'model-layer-imports-upwards-only: src/model/upwards.ts -> src/engine/read.ts',
    'no-cycles: src/lib/four.ts -> src/lib/three.ts',
    'no-cycles: src/lib/one.ts -> src/lib/two.ts',
    'no-tests-in-the-product: src/sources/test-code.ts -> src/testing/helper.ts',
    'sources-layer-imports-upwards-only: src/sources/test-code.ts -> src/testing/helper.ts',
  ]);
});
