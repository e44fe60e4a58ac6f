from django.db import migrations

from shop.lib.append_only import append_only

# As before, but without the lines that an edit has taken out.
_LINES_ADD_UP = """
CREATE OR REPLACE FUNCTION orders_lines_add_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    the_order bigint;
BEGIN
    IF TG_TABLE_NAME = 'orders_order' THEN
        the_order := NEW.id;
    ELSIF TG_OP = 'DELETE' THEN
        the_order := OLD.order_id;
    ELSE
        the_order := NEW.order_id;
    END IF;
    PERFORM 1 FROM orders_order o WHERE o.id = the_order AND o.goods_total IS DISTINCT FROM
        (SELECT coalesce(sum(l.total), 0) FROM orders_orderline l
         WHERE l.order_id = o.id AND l.removed_in_id IS NULL);
    IF FOUND THEN
        RAISE EXCEPTION 'lines of order % do not add up to its goods_total', the_order
            USING ERRCODE = 'check_violation', CONSTRAINT = 'order_lines_add_up';
    END IF;
    RETURN NULL;
END $$
"""

# A line is what was agreed to. The one thing that may happen to it is that an edit takes it out. (A stored generated
# column is not yet computed when this runs.)
_LINE_STAYS = """
CREATE FUNCTION orders_line_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.removed_in_id IS NOT NULL
        OR to_jsonb(NEW) - ARRAY['removed_in_id', 'total'] IS DISTINCT FROM to_jsonb(OLD) - ARRAY['removed_in_id', 'total']
    THEN
        RAISE EXCEPTION 'line % of an order is not rewritten', OLD.id
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'order_line_stays';
    END IF;
    RETURN NEW;
END $$
"""

_NEVER_DELETED = """
CREATE FUNCTION orders_never_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never deleted', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'orders_never_deleted';
END $$
"""

# The payment's row is locked first, so that two refunds at once are counted one after the other.
_REFUNDS_WITHIN_PAYMENT = """
CREATE FUNCTION orders_refunds_within_payment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    the_payment bigint;
    brought numeric;
BEGIN
    IF TG_TABLE_NAME = 'orders_payment' THEN
        the_payment := NEW.id;
    ELSE
        the_payment := NEW.payment_id;
    END IF;
    SELECT received INTO brought FROM orders_payment WHERE id = the_payment FOR UPDATE;
    IF brought < (SELECT coalesce(sum(amount), 0) FROM orders_refund
                  WHERE payment_id = the_payment AND status NOT IN ('failed', 'cancelled')) THEN
        RAISE EXCEPTION 'refunds of payment % exceed it', the_payment
            USING ERRCODE = 'check_violation', CONSTRAINT = 'refunds_within_payment';
    END IF;
    RETURN NULL;
END $$
"""


def _never_deleted(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        sql=f"CREATE TRIGGER {table}_never_deleted BEFORE DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION orders_never_deleted()",
        reverse_sql=f"DROP TRIGGER {table}_never_deleted ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [("orders", "0006_payments_parcels_revisions")]
    operations = [
        migrations.RunSQL(sql=_LINES_ADD_UP, reverse_sql=migrations.RunSQL.noop),
        migrations.RunSQL(
            sql=[
                _LINE_STAYS,
                "CREATE TRIGGER order_line_stays BEFORE UPDATE ON orders_orderline "
                "FOR EACH ROW EXECUTE FUNCTION orders_line_stays()",
            ],
            reverse_sql=["DROP TRIGGER order_line_stays ON orders_orderline", "DROP FUNCTION orders_line_stays()"],
        ),
        migrations.RunSQL(sql=_NEVER_DELETED, reverse_sql="DROP FUNCTION orders_never_deleted()"),
        _never_deleted("orders_order"),
        _never_deleted("orders_orderline"),
        _never_deleted("orders_payment"),
        _never_deleted("orders_refund"),
        append_only("orders_orderrevision"),
        migrations.RunSQL(
            sql=[
                _REFUNDS_WITHIN_PAYMENT,
                "CREATE TRIGGER refunds_within_payment AFTER INSERT OR UPDATE ON orders_refund "
                "FOR EACH ROW EXECUTE FUNCTION orders_refunds_within_payment()",
                "CREATE TRIGGER payment_covers_refunds AFTER UPDATE OF received ON orders_payment "
                "FOR EACH ROW EXECUTE FUNCTION orders_refunds_within_payment()",
            ],
            reverse_sql=[
                "DROP TRIGGER payment_covers_refunds ON orders_payment",
                "DROP TRIGGER refunds_within_payment ON orders_refund",
                "DROP FUNCTION orders_refunds_within_payment()",
            ],
        ),
    ]
