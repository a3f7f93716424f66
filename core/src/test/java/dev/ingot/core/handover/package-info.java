@NullMarked
package dev.ingot.core.handover;

import org.jspecify.annotations.NullMarked;
