import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'minio';
import { fixedPort } from './fixed-port.js';
import { PID_FILE } from './guard.js';

const PROGRAMS = ['ceph', 'ceph-authtool', 'ceph-mon', 'ceph-osd', 'monmaptool', 'radosgw', 'radosgw-admin'];
const HOST = '127.0.0.1';
const REGION = 'us-east-1';
const FIRST_BUCKET = 'first';
const START_TRIES = 3;
const POLL_MS = 50;
const READY_TIMEOUT_MS = 20_000;
const COMMAND_TIMEOUT_MS = 20_000;
const LOG_TAIL_CHARACTERS = 2_000;

/** Where the gateway listens on 127.0.0.1, and whom it knows. */
export interface CephGateway {
  readonly port: number;
  readonly accessKey: string;
  readonly secretKey: string;
}

interface Ports {
  readonly monitor: number;
  readonly gateway: number;
}

export function cephAvailable(): boolean {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return PROGRAMS.every((program) => folders.some((folder) => existsSync(join(folder, program))));
}

/**
 * A real Ceph in folders of its own below this one (the run's scratch folder): a monitor, an object store daemon that keeps all in memory, and the gateway that
 * speaks S3. Nothing else listens to the outside, and the end of the run kills them by the files that hold their ids. A manager, which gathers
 * statistics, is left out: neither reads nor writes pass by it.
 */
export async function startCeph(scratchDir: string): Promise<CephGateway> {
  for (let tries = 1; ; tries += 1) {
    const cluster = new CephCluster(scratchDir, `ceph-${randomUUID()}`, { monitor: fixedPort(), gateway: fixedPort() });
    try {
      return await cluster.start();
    } catch (error) {
      cluster.kill();
      // Most likely somebody else has a port.
      if (tries >= START_TRIES) throw error;
    }
  }
}

class CephCluster {
  private readonly home: string;
  private readonly keyring: string;
  private readonly children: ChildProcess[] = [];
  private readonly fsid = randomUUID();
  private readonly user = { accessKey: randomBytes(10).toString('hex'), secretKey: randomBytes(20).toString('hex') };

  constructor(
    private readonly scratchDir: string,
    private readonly name: string,
    private readonly ports: Ports,
  ) {
    this.home = join(scratchDir, name);
    this.keyring = join(this.home, 'keyring');
  }

  async start(): Promise<CephGateway> {
    for (const folder of ['mon', 'osd']) mkdirSync(join(this.home, folder), { recursive: true });
    writeFileSync(join(this.home, 'ceph.conf'), this.settings());
    await this.makeKeys();
    await this.startMonitor();
    const uuid = randomUUID();
    await this.run('ceph', 'osd', 'new', uuid);
    await this.run('ceph-osd', '-i', '0', '--mkfs', '--osd-uuid', uuid);
    this.spawn('ceph-osd', '-i', '0');
    const { accessKey, secretKey } = this.user;
    const keys = [`--access-key=${accessKey}`, `--secret-key=${secretKey}`];
    await this.run('radosgw-admin', 'user', 'create', '--uid=tests', '--display-name=tests', ...keys);
    const gateway = this.spawn('radosgw', '-n', 'client.admin');
    await this.untilReady(gateway);
    // They go on when the worker that started them has ended: its run kills them.
    for (const child of this.children) child.unref();
    return { port: this.ports.gateway, accessKey, secretKey };
  }

  kill(): void {
    for (const child of this.children) child.kill('SIGKILL');
  }

  /** All of these may do all: the monitor, whoever administers (the gateway too), and the object store daemon. */
  private async makeKeys(): Promise<void> {
    const made: string[] = [];
    for (const entity of ['mon.', 'client.admin', 'osd.0']) {
      const file = join(this.home, `${entity}key`);
      const may = ['mon', 'osd'].flatMap((service) => ['--cap', service, 'allow *']);
      await this.run('ceph-authtool', '--create-keyring', '--gen-key', '-n', entity, ...may, file);
      made.push(readFileSync(file, 'utf8'));
    }
    writeFileSync(this.keyring, made.join(''));
  }

  private async startMonitor(): Promise<void> {
    const map = join(this.home, 'monmap');
    const address = `[v2:${HOST}:${String(this.ports.monitor)}]`;
    const members = ['--create', '--fsid', this.fsid, '--addv', 'a', address, '--set-min-mon-release', '16'];
    await this.run('monmaptool', ...members, map);
    await this.run('ceph-mon', '--mkfs', '-i', 'a', '--monmap', map, '--keyring', this.keyring);
    this.spawn('ceph-mon', '-i', 'a');
  }

  private async run(program: string, ...words: readonly string[]): Promise<void> {
    await promisify(execFile)(program, [...words, ...this.common(program)], {
      timeout: COMMAND_TIMEOUT_MS,
      killSignal: 'SIGKILL',
    });
  }

  private common(program: string): string[] {
    return ['monmaptool', 'ceph-authtool'].includes(program) ? [] : ['-c', join(this.home, 'ceph.conf')];
  }

  /** In a folder right below the scratch folder, where the end of the run looks for its id. */
  private spawn(program: string, ...words: readonly string[]): ChildProcess {
    const folder = join(this.scratchDir, `${this.name}-${program}`);
    mkdirSync(folder);
    const child = spawn(program, ['-f', ...words, ...this.common(program)], { cwd: folder, detached: true, stdio: 'ignore' });
    child.once('error', () => undefined);
    this.children.push(child);
    if (child.pid !== undefined) writeFileSync(join(folder, PID_FILE), String(child.pid));
    return child;
  }

  /**
   * Another program may answer on the port: only this gateway knows the user. The first bucket and the first object make the gateway set up where they lie,
   * which can take longer on a busy machine than the store waits.
   */
  private async untilReady(gateway: ChildProcess): Promise<void> {
    const { gateway: port } = this.ports;
    const client = new Client({
      endPoint: HOST,
      port,
      useSSL: false,
      region: REGION,
      ...this.user,
      retryOptions: { disableRetry: true },
    });
    const deadline = Date.now() + READY_TIMEOUT_MS;
    for (;;) {
      if (await hasKept(client)) return;
      const hasEnded = gateway.exitCode !== null || gateway.signalCode !== null;
      if (hasEnded || Date.now() > deadline) throw new Error(`the gateway of Ceph does not answer:\n${this.log()}`);
      await sleep(POLL_MS);
    }
  }

  private log(): string {
    const file = join(this.home, 'client.admin.log');
    return existsSync(file) ? readFileSync(file, 'utf8').slice(-LOG_TAIL_CHARACTERS) : 'it wrote no log';
  }

  /** One copy of everything; loopback addresses only; what is decided is decided at once; no threads for what tests do not ask for. */
  private settings(): string {
    const inHome = (file: string): string => join(this.home, file);
    const settings = {
      fsid: this.fsid,
      'mon host': `[v2:${HOST}:${String(this.ports.monitor)}]`,
      'public network': '127.0.0.0/8',
      'cluster network': '127.0.0.0/8',
      'ms bind msgr1': 'false',
      keyring: this.keyring,
      'mon data': inHome('mon'),
      'osd data': inHome('osd'),
      'rgw data': this.home,
      'run dir': this.home,
      'crash dir': this.home,
      'admin socket': '',
      'pid file': '',
      'log file': inHome('$name.log'),
      'mon cluster log file': inHome('cluster.log'),
      'auth allow insecure global id reclaim': 'false',
      'client mount timeout': '20',
      'rados mon op timeout': '20',
      'mon allow pool size one': 'true',
      'mon data avail warn': '1',
      'mon data avail crit': '0',
      'mon max pg per osd': '1000',
      'paxos propose interval': '0.01',
      'paxos min wait': '0.01',
      'osd pool default size': '1',
      'osd pool default min size': '1',
      'osd pool default pg num': '1',
      'osd pool default pgp num': '1',
      'osd pool default pg autoscale mode': 'off',
      'osd crush chooseleaf type': '0',
      'osd objectstore': 'memstore',
      'memstore device bytes': '2147483648',
      'rgw frontends': `beast endpoint=${HOST}:${String(this.ports.gateway)}`,
      'rgw thread pool size': '32',
      'rgw enable gc threads': 'false',
      'rgw enable lc threads': 'false',
      'rgw enable quota threads': 'false',
      'rgw run sync thread': 'false',
      'rgw dynamic resharding': 'false',
    };
    const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}\n`);
    return `[global]\n${lines.join('')}`;
  }
}

async function hasKept(client: Client): Promise<boolean> {
  try {
    await client.makeBucket(FIRST_BUCKET, REGION);
    await client.putObject(FIRST_BUCKET, 'first', Buffer.from('x'));
    return true;
  } catch {
    return false;
  }
}
