/** A web application under checkpoint and resume, as users deploy it. */
@NullMarked
package dev.ingot.integration.web;

import org.jspecify.annotations.NullMarked;
