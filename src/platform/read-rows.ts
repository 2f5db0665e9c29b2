import { ReferenceKind, type EntityClass, type EntityProperty, type Platform } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { revive } from './revive.js';
import { query } from './sql.js';

type Row = Readonly<Record<string, unknown>>;
type ReadField = (row: Row) => readonly [string, unknown];

const fieldsOf = new WeakMap<object, readonly ReadField[]>();

/**
 * Rows of SQL by hand (all columns of the entity's table) as entities that no entity manager knows, for what is only read: having fifty rows
 * watched for changes costs more than asking for them. Relations have their id and nothing else.
 */
export function readRows<T extends object>(em: EntityManager, type: EntityClass<T>, rows: readonly object[]): T[] {
  const fields = readFields(em, type);
  return rows.map((row) => revive<T>(type as { prototype: T }, Object.fromEntries(fields.map((read) => read(row as Row)))));
}

/** `readRows` of what the statement selects. */
export async function selectRows<T extends object>(
  em: EntityManager,
  type: EntityClass<T>,
  [sql, ...parameters]: readonly [string, ...unknown[]],
): Promise<T[]> {
  return readRows(em, type, await query(em, sql, parameters));
}

function readFields<T extends object>(em: EntityManager, type: EntityClass<T>): readonly ReadField[] {
  const known = fieldsOf.get(type);
  if (known) return known;
  const { props } = em.getMetadata().get<T>(type);
  const fields = props.filter(({ persist }) => persist !== false).map((prop) => readField(prop, em.getPlatform()));
  fieldsOf.set(type, fields);
  return fields;
}

function readField<T>(prop: EntityProperty<T>, platform: Platform): ReadField {
  const { name, kind, customType, runtimeType, mapToPk } = prop;
  // Of a key of two columns the shop is the same row's own.
  const column = prop.fieldNames.at(-1) ?? name;
  const convert = (value: unknown): unknown => {
    if (value === null || value === undefined) return null;
    if (kind !== ReferenceKind.SCALAR) return mapToPk ? value : Object.freeze({ id: value });
    if (runtimeType === 'Date') return value instanceof Date ? value : platform.parseDate(value as string);
    return customType ? (customType.convertToJSValue(value, platform) as unknown) : value;
  };
  return (row) => [name, convert(row[column])];
}
