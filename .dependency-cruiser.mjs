// The layers of docs and STYLE as rules. Imports point up this list: a file knows its own folder and the layers above.
import { builtinModules } from 'node:module';

/** The layers, lowest first. Folders of one layer are siblings and do not know each other. */
export const layers = [
  ['lib'],
  ['model'],
  ['packets'],
  ['bpf', 'sigma', 'indicators', 'advisories', 'mail', 'learning'],
  ['snapshot', 'hunt'],
  ['sources', 'collectors', 'parsers', 'detectors', 'correlators', 'sinks', 'stores', 'anomalies'],
  ['engine'],
  ['api', 'app'],
  ['server'],
  ['cli'],
];

/** Tests, what they share, and the contract suites that they call may import anything. */
const tests = '(\\.test\\.ts$|(^|[/.])contract\\.ts$|^src/testing/)';

const core = (modules) => `^(node:)?(${modules.join('|')})$`;
const allOfNode = core([...new Set(builtinModules.map((name) => name.replace(/^node:/, '')))]);
const filesAndSockets = core([
  'child_process',
  'cluster',
  'dgram',
  'dns',
  'dns/promises',
  'fs',
  'fs/promises',
  'http',
  'http2',
  'https',
  'inspector',
  'net',
  'sqlite',
  'tls',
]);

const layerRules = layers.map((folders, depth) => ({
  name: `${folders[0]}-layer-imports-upwards-only`,
  comment: 'A folder knows itself and the layers above it in the map, never a sibling and never what is built on it.',
  severity: 'error',
  from: { path: `^src/(${folders.join('|')})/`, pathNot: tests },
  to: {
    path: '^src/',
    pathNot: ['^src/$1/', ...layers.slice(0, depth).flatMap((layer) => layer.map((f) => `^src/${f}/`))],
  },
}));

export default {
  forbidden: [
    ...layerRules,
    {
      name: 'no-cycles',
      comment: 'Files that need each other are one idea, or hide a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'model-and-api-reach-no-node',
      comment: 'The console bundles these two: nothing they import, near or far, may be a module of Node.',
      severity: 'error',
      from: { path: '^src/(model|api)/', pathNot: tests },
      to: { path: allOfNode, reachable: true },
    },
    {
      name: 'judgements-open-nothing',
      comment: 'Parsers, detectors and correlators judge what they are given: they open no file and no socket.',
      severity: 'error',
      from: { path: '^src/(parsers|detectors|correlators)/', pathNot: tests },
      to: { path: filesAndSockets },
    },
    {
      name: 'no-tests-in-the-product',
      comment: 'Tests and what they share are not shipped.',
      severity: 'error',
      from: { path: '^src/', pathNot: tests },
      to: { path: [tests, '^(scripts|bench)/'] },
    },
    {
      name: 'no-development-packages-in-the-product',
      comment: 'First use installs runtime packages only.',
      severity: 'error',
      from: { path: '^src/', pathNot: tests },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['npm', 'npm-optional', 'type-only'] },
    },
    {
      name: 'everything-resolves',
      comment: 'An import that leads nowhere is invisible to every other rule.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    builtInModules: { add: ['sqlite', 'node:sqlite', 'node:sea', 'node:test'] },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
