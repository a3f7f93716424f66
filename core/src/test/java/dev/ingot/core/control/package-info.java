@NullMarked
package dev.ingot.core.control;

import org.jspecify.annotations.NullMarked;
