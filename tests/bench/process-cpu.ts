import { readdirSync, readFileSync } from 'node:fs';

/** What /proc counts in on every Linux that Node runs on. */
const TICK_MS = 10;
/** Fields of proc_pid_stat(5), counted from the one behind the name. */
const PARENT = 1;
const OWN_TIMES = [11, 12];
/** Of children that have ended. */
const CHILDREN_TIMES = [13, 14];

/** Undefined where there is no such process, or no /proc. */
export function processCpuMs(pid: number): number | undefined {
  const fields = statOf(pid);
  return fields && ticks(fields, OWN_TIMES) * TICK_MS;
}

/** Of a process, the children it has and those it had; undefined where it is not on this machine. */
export function familyCpuMs(parent: number): number | undefined {
  const fields = statOf(parent);
  if (fields === undefined) return undefined;
  const children = allPids().map(statOf);
  const own = children.filter((child) => child?.[PARENT] === String(parent));
  const sum = own.reduce(
    (total, child) => total + ticks(child ?? [], OWN_TIMES),
    ticks(fields, [...OWN_TIMES, ...CHILDREN_TIMES]),
  );
  return sum * TICK_MS;
}

/** Undefined where the process is not on this machine under that name: its pid may be another machine's. */
export function parentOf(pid: number, name: string): number | undefined {
  const parent = Number(statOf(pid)?.[PARENT]);
  return parent > 0 && [pid, parent].every((each) => commandOf(each).includes(name)) ? parent : undefined;
}

/** That all processors together were busy; undefined where the system does not say. */
export function machineCpuMs(): number | undefined {
  // The first line of proc_stat(5): user, nice, system, idle, iowait, irq, softirq.
  const [line] = read('/proc/stat')?.split('\n', 1) ?? [];
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = line?.split(/ +/).slice(1).map(Number) ?? [];
  return line === undefined ? undefined : (user + nice + system + irq + softirq) * TICK_MS;
}

function statOf(pid: number): string[] | undefined {
  const text = read(`/proc/${String(pid)}/stat`);
  // The name may hold anything, so it is passed over from its end.
  return text?.slice(text.lastIndexOf(')') + 2).split(' ');
}

function commandOf(pid: number): string {
  return read(`/proc/${String(pid)}/cmdline`) ?? '';
}

function ticks(fields: readonly string[], which: readonly number[]): number {
  return which.reduce((sum, field) => sum + Number(fields[field] ?? 0), 0);
}

function allPids(): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0);
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}
