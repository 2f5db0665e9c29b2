import { p, Type, type TriggerDef } from '@mikro-orm/core';
import { formatQuantity, quantity, type Quantity } from '../kernel/quantity.js';

/** numeric(20,6) in the database, an exact decimal in the program. */
class QuantityType extends Type<Quantity | null, string | null> {
  override convertToDatabaseValue(value: Quantity | null): string | null {
    return value === null ? null : formatQuantity(value);
  }

  override convertToJSValue(value: string | null): Quantity | null {
    return value === null ? null : quantity(value);
  }

  override compareAsType(): string {
    return 'string';
  }

  override getColumnType(): string {
    return 'numeric(20,6)';
  }
}

/** A quantity or an amount of money. */
export const quantityColumn = () => p.type(QuantityType).$type<Quantity>().columnType('numeric(20,6)').runtimeType('object');

/** An instant, to the millisecond, as JavaScript has it. */
export const instantColumn = () => p.datetime().columnType('timestamptz(3)');

/** Names a trigger whose SQL is in the migrations, so that the comparison of entities and database knows that it belongs there. */
export function declaredTrigger(name: string, timing: TriggerDef['timing'], events: TriggerDef['events']): TriggerDef {
  return { name, timing, events, expression: `-- ${name}: see the migrations` };
}
