from django.db import migrations

from shop.lib.append_only import append_only

# Checked at commit, so that an order and its lines can be written in any order within one transaction.
_FUNCTION = """
CREATE FUNCTION orders_lines_add_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    the_order bigint := CASE WHEN TG_TABLE_NAME = 'orders_order' THEN NEW.id ELSE coalesce(NEW.order_id, OLD.order_id) END;
BEGIN
    PERFORM 1 FROM orders_order o WHERE o.id = the_order AND o.goods_total IS DISTINCT FROM
        (SELECT coalesce(sum(l.total), 0) FROM orders_orderline l WHERE l.order_id = o.id);
    IF FOUND THEN
        RAISE EXCEPTION 'lines of order % do not add up to its goods_total', the_order
            USING ERRCODE = 'check_violation', CONSTRAINT = 'order_lines_add_up';
    END IF;
    RETURN NULL;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial")]
    operations = [
        append_only("orders_orderevent"),
        migrations.RunSQL(
            sql=[
                _FUNCTION,
                "CREATE CONSTRAINT TRIGGER order_lines_add_up AFTER INSERT OR UPDATE OF goods_total ON orders_order "
                "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION orders_lines_add_up()",
                "CREATE CONSTRAINT TRIGGER order_line_adds_up AFTER INSERT OR UPDATE OR DELETE ON orders_orderline "
                "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION orders_lines_add_up()",
            ],
            reverse_sql=[
                "DROP TRIGGER order_line_adds_up ON orders_orderline",
                "DROP TRIGGER order_lines_add_up ON orders_order",
                "DROP FUNCTION orders_lines_add_up()",
            ],
        ),
    ]
