/** A web shop. */
@NullMarked
package dev.ingot.samples.web;

import org.jspecify.annotations.NullMarked;
