@NullMarked
package dev.ingot.grpc;

import org.jspecify.annotations.NullMarked;
