import 'reflect-metadata';
import { Extensions } from 'type-graphql';

/** Marks an input type of which exactly one field is set (@oneOf); its fields are nullable and have no defaults. */
export function OneOf(): ClassDecorator {
  return Extensions({ oneOf: true });
}
