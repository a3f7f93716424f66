/** How owners who know nothing of each other have one device in turns, each with no more of its memory than it may have. */
@NullMarked
package dev.ingot.accelerator.share;

import org.jspecify.annotations.NullMarked;
