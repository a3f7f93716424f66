package dev.ingot.store;

import java.io.IOException;
import java.net.URI;

/** Opens object stores of one kind; found by {@link java.util.ServiceLoader}. */
public interface ObjectStoreProvider {
    /** The scheme of the addresses it opens, such as {@code s3}. */
    String scheme();

    ObjectStore open(URI address) throws IOException;
}
