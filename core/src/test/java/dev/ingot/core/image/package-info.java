@NullMarked
package dev.ingot.core.image;

import org.jspecify.annotations.NullMarked;
