/** The pool's API as gRPC: an adapter of {@link dev.ingot.scheduler.control.PoolService}, as its HTTP server is another. */
@NullMarked
package dev.ingot.grpc;

import org.jspecify.annotations.NullMarked;
