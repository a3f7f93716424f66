/** A pool's journal in etcd, and the election of who runs the pool. Spoken to by its JSON gateway, with the JDK's HTTP client. */
@NullMarked
package dev.ingot.scheduler.etcd;

import org.jspecify.annotations.NullMarked;
