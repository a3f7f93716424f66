@NullMarked
package dev.ingot.core.jvm;

import org.jspecify.annotations.NullMarked;
