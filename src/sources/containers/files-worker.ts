import { readFiles, type FilesWanted } from './files.ts';

process.once('message', (wanted) => {
  void readFiles(wanted as FilesWanted).then((files) => process.send?.(files, () => process.disconnect?.()));
});
