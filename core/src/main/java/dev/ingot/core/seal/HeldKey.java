package dev.ingot.core.seal;

/** A key that this process wraps with itself. */
abstract class HeldKey implements KeyProvider {
    private final KeyName name;

    HeldKey(KeyName name) {
        this.name = name;
    }

    @Override
    public final String name() {
        return name.toString();
    }

    @Override
    public final WrappedKey wrap(byte[] dataKey) throws KeyException {
        return key(name).wrap(dataKey);
    }

    @Override
    public final byte[] unwrap(WrappedKey wrapped) throws KeyException {
        return key(name).unwrap(wrapped);
    }

    /** The key as it is now. */
    abstract KeyWrap key(KeyName name) throws KeyException;
}
