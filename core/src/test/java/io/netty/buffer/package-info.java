/** Stands in for Netty. */
@NullMarked
package io.netty.buffer;

import org.jspecify.annotations.NullMarked;
