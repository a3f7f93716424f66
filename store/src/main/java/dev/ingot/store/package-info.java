/**
 * Images in places that are no directory of this host.
 *
 * <p>An {@link ObjectStore} keeps small objects by key: a bucket, or the tree of a file system provider. A {@link Repository} keeps images
 * in one: their packs in pieces that images of the same name share. Programs write images to directories and are resumed from there;
 * the {@code ingot} command carries them between the two, so the agent needs no client of any store.
 */
@NullMarked
package dev.ingot.store;

import org.jspecify.annotations.NullMarked;
