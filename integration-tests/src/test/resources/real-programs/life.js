var slow = new java.io.File(java.lang.System.getProperty('pace.slow', 'no such file'));

function Grid(size) {
    this.size = size;
    this.cells = [];
    for (var i = 0; i < size * size; i++) {
        this.cells.push((i * 7919 + (i >> 3) * 31) % 5 === 0);
    }
}

Grid.prototype.neighbours = function (x, y) {
    var count = 0;
    for (var dy = -1; dy <= 1; dy++) {
        for (var dx = -1; dx <= 1; dx++) {
            if (dx || dy) {
                count += this.cells[((y + dy + this.size) % this.size) * this.size + (x + dx + this.size) % this.size] ? 1 : 0;
            }
        }
    }
    return count;
};

Grid.prototype.step = function () {
    var next = [];
    for (var y = 0; y < this.size; y++) {
        for (var x = 0; x < this.size; x++) {
            var n = this.neighbours(x, y);
            next.push(n === 3 || (n === 2 && this.cells[y * this.size + x]));
        }
    }
    this.cells = next;
};

var grid = new Grid(24);
var seen = {};
for (var round = 0; round < 60; round++) {
    grid.step();
    var text = grid.cells.map(function (cell) { return cell ? '#' : '.'; }).join('');
    var hash = text.split('').reduce(function (sum, c, i) { return (sum * 31 + c.charCodeAt(0) * (i + 1)) % 1000003; }, 7);
    seen[hash] = (seen[hash] || 0) + 1;
    print('round ' + round + ' alive ' + text.replace(/\./g, '').length + ' hash ' + hash + ' kinds ' + Object.keys(seen).length);
    java.lang.Thread.sleep(slow.exists() ? 500 : 10);
}
try {
    throw new Error('done after ' + round);
} catch (e) {
    print(e.message);
}
