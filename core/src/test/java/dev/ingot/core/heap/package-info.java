@NullMarked
package dev.ingot.core.heap;

import org.jspecify.annotations.NullMarked;
