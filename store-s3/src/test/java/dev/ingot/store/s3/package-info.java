@NullMarked
package dev.ingot.store.s3;

import org.jspecify.annotations.NullMarked;
