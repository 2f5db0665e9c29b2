import { Migration } from '@mikro-orm/migrations';

/**
 * The invariants that no CHECK or key can say. They hold for whoever writes: the server, a script, a person in psql.
 * The deferred ones look at the end of the transaction, because the ledger and the level are written by two statements of it.
 */
export class Migration20261122000100_ledger_guards extends Migration {
  override up(): void {
    this.appendOnly();
    this.spentForGood('idempotency_key');
    this.spentForGood('stock_reversal');
    this.reversalAgrees();
    this.chain();
    this.levelAgrees();
    this.tree('location');
    this.tree('category');
  }

  override down(): void {
    this.addSql(`drop trigger category_tree on category;`);
    this.addSql(`drop function category_tree_fn();`);
    this.addSql(`drop trigger location_tree on location;`);
    this.addSql(`drop function location_tree_fn();`);
    this.addSql(`drop trigger stock_level_ledger on stock_level;`);
    this.addSql(`drop function stock_level_ledger_fn();`);
    this.addSql(`drop trigger stock_movement_chain on stock_movement;`);
    this.addSql(`drop function stock_movement_chain_fn();`);
    this.addSql(`drop trigger stock_reversal_agrees on stock_reversal;`);
    this.addSql(`drop function stock_reversal_agrees_fn();`);
    this.addSql(`drop trigger stock_reversal_append_only on stock_reversal;`);
    this.addSql(`drop trigger idempotency_key_append_only on idempotency_key;`);
    this.addSql(`drop trigger stock_movement_no_truncate on stock_movement;`);
    this.addSql(`drop trigger stock_movement_append_only on stock_movement;`);
    this.addSql(`drop function stock_movement_append_only_fn();`);
  }

  private appendOnly(): void {
    this.addSql(`
      create function stock_movement_append_only_fn() returns trigger language plpgsql as $$
      begin
        raise exception 'the ledger is append-only: post a reversal instead of %', lower(tg_op)
          using errcode = 'restrict_violation', table = tg_table_name, constraint = tg_name;
      end;
      $$;
    `);
    this.addSql(`
      create trigger stock_movement_append_only before update or delete on stock_movement
        for each row execute function stock_movement_append_only_fn();
    `);
    this.addSql(`
      create trigger stock_movement_no_truncate before truncate on stock_movement
        for each statement execute function stock_movement_append_only_fn();
    `);
  }

  /** Without its key an act could be done again, and without its mark a movement reversed again. */
  private spentForGood(table: 'idempotency_key' | 'stock_reversal'): void {
    this.addSql(`
      create trigger ${table}_append_only before update or delete on ${table}
        for each row execute function stock_movement_append_only_fn();
    `);
  }

  /** The mark says what the ledger says: the reversal's own foreign key then vouches for the movement. */
  private reversalAgrees(): void {
    this.addSql(`
      create function stock_reversal_agrees_fn() returns trigger language plpgsql as $$
      begin
        if not exists (
          select 1 from stock_movement where shop_id = new.shop_id and id = new.reversal_id and reverses_id = new.movement_id
        ) then
          raise exception 'movement % does not reverse movement %', new.reversal_id, new.movement_id
            using errcode = 'check_violation', table = 'stock_reversal', constraint = 'stock_reversal_agrees';
        end if;
        return new;
      end;
      $$;
    `);
    this.addSql(`
      create trigger stock_reversal_agrees before insert on stock_reversal
        for each row execute function stock_reversal_agrees_fn();
    `);
  }

  /** A line begins where the one before it on its level ended, and its level has taken it in. */
  private chain(): void {
    this.addSql(`
      create function stock_movement_chain_fn() returns trigger language plpgsql as $$
      declare
        level stock_level;
        previous numeric;
        twins integer;
      begin
        select * into level from stock_level where shop_id = new.shop_id and id = new.level_id;
        select balance_after into previous from stock_movement
          where shop_id = new.shop_id and level_id = new.level_id and level_version < new.level_version
          order by level_version desc limit 1;
        select count(*) into twins from stock_movement
          where shop_id = new.shop_id and level_id = new.level_id and level_version = new.level_version;
        if level.stock_item_id <> new.stock_item_id or level.location_id <> new.location_id or twins <> 1
          or coalesce(previous, 0) <> new.balance_before or level.version < new.level_version
          or (level.version = new.level_version and level.on_hand <> new.balance_after)
        then
          raise exception 'movement % does not continue the ledger of its level', new.id
            using errcode = 'check_violation', table = 'stock_movement', constraint = 'stock_movement_chain';
        end if;
        return null;
      end;
      $$;
    `);
    this.addSql(`
      create constraint trigger stock_movement_chain after insert on stock_movement
        deferrable initially deferred for each row execute function stock_movement_chain_fn();
    `);
  }

  /** A level is the running sum of its ledger: nobody changes it, or where and of what it is, without a line. */
  private levelAgrees(): void {
    this.addSql(`
      create function stock_level_ledger_fn() returns trigger language plpgsql as $$
      declare
        level stock_level;
        latest stock_movement;
      begin
        select * into level from stock_level where shop_id = new.shop_id and id = new.id;
        select * into latest from stock_movement
          where shop_id = new.shop_id and level_id = new.id order by level_version desc limit 1;
        if level.on_hand <> coalesce(latest.balance_after, 0) or level.version < coalesce(latest.level_version, 0)
          or level.stock_item_id <> latest.stock_item_id or level.location_id <> latest.location_id
        then
          raise exception 'level % is % but its ledger says %', new.id, level.on_hand, coalesce(latest.balance_after, 0)
            using errcode = 'check_violation', table = 'stock_level', constraint = 'stock_level_ledger';
        end if;
        return null;
      end;
      $$;
    `);
    this.addSql(`
      create constraint trigger stock_level_ledger after insert or update of on_hand, version, stock_item_id, location_id on stock_level
        deferrable initially deferred for each row execute function stock_level_ledger_fn();
    `);
  }

  /** A tree stays one. Moves within a shop wait for each other, or two that are right alone could close a circle together. */
  private tree(table: 'location' | 'category'): void {
    this.addSql(`
      create function ${table}_tree_fn() returns trigger language plpgsql as $$
      begin
        perform 1 from shop where id = new.shop_id for no key update;
        if exists (
          with recursive up(id, parent_id) as (
            select id, parent_id from ${table} where shop_id = new.shop_id and id = new.parent_id
            union
            select t.id, t.parent_id from ${table} t join up on t.id = up.parent_id where t.shop_id = new.shop_id
          )
          select 1 from up where id = new.id or parent_id = new.id
        ) then
          raise exception 'a ${table} cannot be moved beneath itself'
            using errcode = 'check_violation', table = '${table}', constraint = '${table}_tree';
        end if;
        return new;
      end;
      $$;
    `);
    this.addSql(`
      create trigger ${table}_tree before insert or update of parent_id on ${table}
        for each row when (new.parent_id is not null) execute function ${table}_tree_fn();
    `);
  }
}
