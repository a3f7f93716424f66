package shop.price;

/** A way to charge. */
public interface Tariff {
    String name();

    int priceOf(int goods);
}
