@NullMarked
package dev.ingot.core.seal;

import org.jspecify.annotations.NullMarked;
