@NullMarked
package dev.ingot.store;

import org.jspecify.annotations.NullMarked;
