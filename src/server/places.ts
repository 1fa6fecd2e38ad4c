import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where things lie by default, per platform; docs/operating.md has the table. */
export type Places = {
  readonly data: string;
  readonly keyFile: string;
  readonly anchorFile: string;
  readonly config: string;
};

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Linux follows the XDG base directory specification, macOS its Library folders, Windows its AppData folders. The key
 * and the anchor lie apart from the data, so that a copy of the data folder carries neither.
 */
export const defaultPlaces = (environment: Environment, platform: NodeJS.Platform = process.platform): Places => {
  const home = homedir();
  if (platform === 'darwin') {
    const support = join(home, 'Library', 'Application Support', 'Chatelaine');
    return {
      data: join(support, 'data'),
      keyFile: join(home, 'Library', 'Chatelaine Keys', 'root.key'),
      anchorFile: join(home, 'Library', 'Chatelaine Keys', 'anchor'),
      config: join(support, 'chatelaine.yaml'),
    };
  }
  if (platform === 'win32') {
    const local = environment['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local');
    const roaming = environment['APPDATA'] ?? join(home, 'AppData', 'Roaming');
    return {
      data: join(local, 'Chatelaine', 'data'),
      keyFile: join(roaming, 'Chatelaine', 'root.key'),
      anchorFile: join(roaming, 'Chatelaine', 'anchor'),
      config: join(roaming, 'Chatelaine', 'chatelaine.yaml'),
    };
  }
  const config = join(environment['XDG_CONFIG_HOME'] ?? join(home, '.config'), 'chatelaine');
  return {
    data: join(environment['XDG_DATA_HOME'] ?? join(home, '.local', 'share'), 'chatelaine'),
    keyFile: join(config, 'root.key'),
    anchorFile: join(environment['XDG_STATE_HOME'] ?? join(home, '.local', 'state'), 'chatelaine', 'anchor'),
    config: join(config, 'chatelaine.yaml'),
  };
};
