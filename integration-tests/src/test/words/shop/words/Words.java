package shop.words;

/** In a jar without a descriptor, so that its module is automatic. */
public final class Words {
    private static int count;

    private Words() {}

    public static synchronized String next() {
        return "word " + count++;
    }
}
