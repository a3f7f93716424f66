@NullMarked
package dev.ingot.core.json;

import org.jspecify.annotations.NullMarked;
