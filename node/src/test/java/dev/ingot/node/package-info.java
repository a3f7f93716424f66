@NullMarked
package dev.ingot.node;

import org.jspecify.annotations.NullMarked;
