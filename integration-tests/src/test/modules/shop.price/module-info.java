/** Asks whoever provides tariffs; knows none. */
module shop.price {
    exports shop.price;

    uses shop.price.Tariff;
}
