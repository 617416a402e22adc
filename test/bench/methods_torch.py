"""The methods in plain PyTorch, each after the official code that stdlib/ssl.ssp names.

A method is a module with its heads and state; `forward` gives the loss of views, the first two of them global.
"""
import copy

import torch
import torch.nn.functional as F
from torch import nn


def mlp(*widths, bias=False, last_norm=None, norm=True, activation=nn.ReLU):
    """Linear layers, all but the last with batch norm and ReLU."""
    layers = []
    for inputs, outputs in zip(widths[:-2], widths[1:-1]):
        layers += [nn.Linear(inputs, outputs, bias=bias or not norm)]
        layers += [nn.BatchNorm1d(outputs)] if norm else []
        layers += [activation()]
    layers += [nn.Linear(*widths[-2:], bias=bias)]
    layers += [nn.BatchNorm1d(widths[-1], affine=last_norm == "affine")] if last_norm else []
    return nn.Sequential(*layers)


def frozen(*modules):
    """Copies whose weights have no gradients."""
    return [copy.deepcopy(module).requires_grad_(False) for module in modules]


@torch.no_grad()
def follow(teachers, students, momentum):
    for teacher, student in zip(teachers, students):
        for old, new in zip(teacher.parameters(), student.parameters()):
            old.lerp_(new, 1 - momentum)


def unit_rows(rows, dim):
    return F.normalize(torch.randn(rows, dim))


def unit(x):
    return F.normalize(x, dim=-1)


def contrast(queries, keys, temperature):
    """Cross-entropy of each query's own key among all keys."""
    return F.cross_entropy(queries @ keys.T / temperature, torch.arange(len(queries), device=queries.device))


class Base(nn.Module):
    """`encode(network, x)` is a pass of a network in the precision of the case."""

    def __init__(self, encode, encoder, features, args, memory):
        super().__init__()
        self.encode, self.encoder, self.args = encode, encoder, args
        self.make(features, memory, **args)

    def of_crops(self, encoder, views):
        """Features of all views: those of one size as one batch."""
        sizes = [view.shape[-1] for view in views]
        groups = [torch.cat([v for v in views if v.shape[-1] == size]) for size in dict.fromkeys(sizes)]
        return torch.cat([self.encode(encoder, group) for group in groups])

    def each(self, encoder, views):
        return [self.encode(encoder, view) for view in views]

    def after_update(self):
        pass


class SimCLR(Base):
    def make(self, features, memory, hidden, dim, **_):
        self.head = mlp(features, hidden, dim)

    def forward(self, views, items, labels):
        z = unit(self.head(self.encode(self.encoder, torch.cat(views))))
        n = len(z) // 2
        logits = z @ z.T / self.args["temperature"]
        logits = logits.masked_fill(torch.eye(2 * n, dtype=torch.bool, device=z.device), -1e9)
        return F.cross_entropy(logits, (torch.arange(2 * n, device=z.device) + n) % (2 * n))


class VICReg(Base):
    def make(self, features, memory, hidden, dim, **_):
        self.head = mlp(features, hidden, hidden, dim)

    def forward(self, views, items, labels):
        x, y = [self.head(seen) for seen in self.each(self.encoder, views)]
        (n, dim), loss = x.shape, self.args["invariance"] * F.mse_loss(x, y)
        for z in (x, y):
            z = z - z.mean(0)
            spread = F.relu(1 - torch.sqrt(z.var(0) + 1e-4)).mean() / 2
            covariance = z.T @ z / (n - 1)
            different = (covariance.square().sum() - covariance.diagonal().square().sum()) / dim
            loss = loss + self.args["variance"] * spread + self.args["covariance"] * different
        return loss


class BYOL(Base):
    def make(self, features, memory, hidden, dim, **_):
        self.projector, self.predictor = mlp(features, hidden, dim), mlp(dim, hidden, dim)
        self.target = nn.ModuleList(frozen(self.encoder, self.projector))

    def forward(self, views, items, labels):
        p = [unit(self.predictor(self.projector(seen))) for seen in self.each(self.encoder, views)]
        with torch.no_grad():
            encoder, projector = self.target
            z = [unit(projector(seen)) for seen in self.each(encoder, views)]
        return sum((2 - 2 * (p[i] * z[1 - i]).sum(1)).mean() for i in (0, 1))

    def after_update(self):
        follow(self.target, [self.encoder, self.projector], self.args["tau"])


class SimSiam(Base):
    def make(self, features, memory, dim, predictor, layers, **_):
        self.projector = mlp(features, *[features] * (layers - 1), dim, last_norm="plain")
        self.predictor = mlp(dim, predictor, dim)

    def forward(self, views, items, labels):
        z = [self.projector(seen) for seen in self.each(self.encoder, views)]
        p = [self.predictor(one) for one in z]
        return -0.5 * sum(F.cosine_similarity(p[i], z[1 - i].detach()).mean() for i in (0, 1))


class BarlowTwins(Base):
    def make(self, features, memory, hidden, dim, **_):
        self.head = mlp(features, hidden, hidden, dim)
        self.norm = nn.BatchNorm1d(dim, affine=False)

    def forward(self, views, items, labels):
        a, b = [self.norm(self.head(seen)) for seen in self.each(self.encoder, views)]
        correlation = a.T @ b / len(a)
        own = correlation.diagonal()
        different = correlation.square().sum() - own.square().sum()
        return self.args["scale"] * ((own - 1).square().sum() + self.args["redundancy"] * different)


class SplitNorm(nn.BatchNorm2d):
    """Batch norm of groups of a batch (facebookresearch/moco@f736491, colab/moco_cifar10_demo.ipynb)."""

    groups = 1

    def forward(self, x):
        n, c, h, w = x.shape
        repeat = lambda of: of.repeat(self.groups)
        split = x.reshape(n // self.groups, c * self.groups, h, w)
        mean, variance = repeat(self.running_mean), repeat(self.running_var)
        weight, bias = repeat(self.weight), repeat(self.bias)
        y = F.batch_norm(split, mean, variance, weight, bias, True, self.momentum, self.eps)
        self.running_mean.copy_(mean.view(self.groups, c).mean(0))
        self.running_var.copy_(variance.view(self.groups, c).mean(0))
        return y.reshape(n, c, h, w)


class MoCoV2(Base):
    def make(self, features, memory, queue, dim, split_bn, **_):
        for module in self.encoder.modules():
            if isinstance(module, nn.BatchNorm2d) and split_bn > 1:
                module.__class__, module.groups = SplitNorm, split_bn
        self.head = mlp(features, features, dim, bias=True, norm=False)
        self.key = nn.ModuleList(frozen(self.encoder, self.head))
        self.register_buffer("queue", unit_rows(queue, dim))

    def forward(self, views, items, labels):
        q = unit(self.head(self.encode(self.encoder, views[0])))
        with torch.no_grad():
            follow(self.key, [self.encoder, self.head], self.args["momentum"])
            encoder, head = self.key
            shuffle = torch.randperm(len(q), device=q.device)
            k = unit(head(self.encode(encoder, views[1][shuffle])))[torch.argsort(shuffle)]
        own = (q * k).sum(1, keepdim=True)
        logits = torch.cat([own, q @ self.queue.T], 1) / self.args["temperature"]
        loss = F.cross_entropy(logits, torch.zeros(len(q), dtype=torch.long, device=q.device))
        self.queue = torch.cat([self.queue[len(k) :], k])
        return loss


class MoCoV3(Base):
    def make(self, features, memory, hidden, dim, **_):
        self.projector = mlp(features, hidden, dim, last_norm="plain")
        self.predictor = mlp(dim, hidden, dim)
        self.teacher = nn.ModuleList(frozen(self.encoder, self.projector))

    def forward(self, views, items, labels):
        q = [unit(self.predictor(self.projector(seen))) for seen in self.each(self.encoder, views)]
        with torch.no_grad():
            follow(self.teacher, [self.encoder, self.projector], self.args["momentum"])
            encoder, projector = self.teacher
            k = [unit(projector(seen)) for seen in self.each(encoder, views)]
        t = self.args["temperature"]
        return 2 * t * (contrast(q[0], k[1], t) + contrast(q[1], k[0], t))


class NNCLR(Base):
    def make(self, features, memory, queue, hidden, dim, predictor, **_):
        self.projector = mlp(features, hidden, hidden, dim, last_norm="affine")
        self.predictor = mlp(dim, predictor, dim)
        self.register_buffer("queue", unit_rows(queue, dim))

    def forward(self, views, items, labels):
        z = [self.projector(seen) for seen in self.each(self.encoder, views)]
        p = [unit(self.predictor(one)) for one in z]
        with torch.no_grad():
            z = [unit(one) for one in z]
            near = [self.queue[(one @ self.queue.T).argmax(1)] for one in z]
            self.queue = torch.cat([self.queue[len(z[0]) :], z[0]])
        return 0.5 * sum(contrast(near[i], p[1 - i], self.args["temperature"]) for i in (0, 1))


class SupCon(Base):
    def make(self, features, memory, dim, **_):
        self.head = mlp(features, features, dim, bias=True, norm=False)

    def forward(self, views, items, labels):
        z = unit(self.head(self.encode(self.encoder, torch.cat(views))))
        labels = labels.repeat(2)
        logits = z @ z.T / self.args["temperature"]
        itself = torch.eye(len(z), dtype=torch.bool, device=z.device)
        same = (labels[:, None] == labels) & ~itself
        log = logits - torch.logsumexp(logits.masked_fill(itself, -torch.inf), 1, keepdim=True)
        mean = (log * same).sum(1) / same.sum(1).clamp(min=1)
        return -self.args["temperature"] / self.args["base_temperature"] * mean.mean()


class DinoHead(nn.Module):
    def __init__(self, features, prototypes, layers, hidden, dim):
        super().__init__()
        self.mlp = mlp(features, *[hidden] * (layers - 1), dim, bias=True, norm=False, activation=nn.GELU)
        self.last = nn.Parameter(torch.randn(prototypes, dim))

    def forward(self, x):
        return unit(self.mlp(x)) @ unit(self.last).T


class DINO(Base):
    def make(self, features, memory, prototypes, layers, hidden, dim, **_):
        self.head = DinoHead(features, prototypes, layers, hidden, dim)
        self.teacher = nn.ModuleList(frozen(self.encoder, self.head))
        self.register_buffer("centre", torch.zeros(1, prototypes))

    def forward(self, views, items, labels):
        with torch.no_grad():
            encoder, head = self.teacher
            raw = head(self.of_crops(encoder, views[:2]))
            targets = F.softmax((raw - self.centre) / self.args["teacher_temperature"], -1).chunk(2)
            self.centre.lerp_(raw.mean(0, keepdim=True), 1 - self.args["centre_momentum"])
        out = self.head(self.of_crops(self.encoder, views)) / self.args["student_temperature"]
        return cross_entropies(targets, out, len(views))

    def after_update(self):
        follow(self.teacher, [self.encoder, self.head], self.args["momentum"])


def cross_entropies(targets, logits, views):
    """The mean over all pairs of a target's view and another."""
    logs = F.log_softmax(logits, -1).chunk(views)
    terms = [-(q * logs[v]).sum(-1).mean() for i, q in enumerate(targets) for v in range(views) if v != i]
    return sum(terms) / len(terms)


class SwAV(Base):
    def make(self, features, memory, prototypes, hidden, dim, **_):
        self.head = mlp(features, hidden, dim, bias=True)
        self.prototypes = nn.Linear(dim, prototypes, bias=False)
        self.after_update()

    def forward(self, views, items, labels):
        scores = self.prototypes(unit(self.head(self.of_crops(self.encoder, views))))
        n = len(items)
        with torch.no_grad():
            targets = [self.sinkhorn(scores[i * n : (i + 1) * n]) for i in (0, 1)]
        return cross_entropies(targets, scores / self.args["temperature"], len(views))

    def sinkhorn(self, scores):
        q = torch.exp(scores / self.args["epsilon"]).T
        q /= q.sum()
        for _ in range(self.args["sinkhorn_iterations"]):
            q /= q.sum(1, keepdim=True) * q.shape[0]
            q /= q.sum(0, keepdim=True) * q.shape[1]
        return (q * q.shape[1]).T

    @torch.no_grad()
    def after_update(self):
        self.prototypes.weight.copy_(F.normalize(self.prototypes.weight))


class DeepClusterV2(Base):
    def make(self, features, memory, prototypes, hidden, dim, **_):
        self.head = mlp(features, hidden, dim, bias=True)
        for head, k in enumerate(prototypes):
            self.register_buffer(f"prototypes_{head}", unit_rows(k, dim))
            self.register_buffer(f"assignments_{head}", torch.randint(k, (memory,)))
        self.register_buffer("memory", torch.zeros(2, memory, dim))

    def forward(self, views, items, labels):
        z = unit(self.head(self.of_crops(self.encoder, views)))
        n, losses = len(items), []
        for head in range(len(self.args["prototypes"])):
            logits = z @ getattr(self, f"prototypes_{head}").T / self.args["temperature"]
            assigned = getattr(self, f"assignments_{head}")[items].repeat(len(views))
            losses.append(F.cross_entropy(logits, assigned, ignore_index=-100))
        with torch.no_grad():
            self.memory[:, items] = z[: 2 * n].reshape(2, n, -1)
        return sum(losses) / len(losses)


class PIRL(Base):
    def make(self, features, memory, dim, **_):
        self.patch, self.jigsaw = nn.Linear(features, dim), nn.Linear(9 * dim, dim)
        self.projector = nn.Linear(features, dim)
        self.register_buffer("memory", unit_rows(memory, dim))
        self.partition = None

    def forward(self, views, items, labels):
        image, other = views
        n = len(items)
        pieces = self.encode(self.encoder, self.cut(other))
        z = [
            unit(self.jigsaw(self.patch(pieces).reshape(n, -1))),
            unit(self.projector(self.encode(self.encoder, image))),
        ]
        negatives = torch.randint(len(self.memory), (self.args["negatives"],), device=items.device)
        own, noise = self.memory[items], self.memory[negatives]
        counted = items[:, None] != negatives
        loss = sum(self.nce(one, own, noise, counted) for one in z) / 2
        with torch.no_grad():
            m = self.args["momentum"]
            self.memory[items] = unit(m * own + (1 - m) * z[1])
        return loss

    def nce(self, z, own, noise, counted):
        scores = torch.cat([(z * own).sum(1, keepdim=True), z @ noise.T], 1) / self.args["temperature"]
        if self.partition is None:
            self.partition = float(scores.detach().exp().mean()) * len(self.memory)
        against = scores - torch.log(torch.tensor(self.partition * len(noise) / len(self.memory)))
        return (F.softplus(-against[:, 0]).sum() + (F.softplus(against[:, 1:]) * counted).sum()) / len(z)

    def cut(self, view):
        n, c, size, _ = view.shape
        cell = size // 3
        side = max(1, round(cell * 64 / 85))
        order = torch.rand(n, 9, device=view.device).argsort(1)
        offsets = torch.randint(max(1, cell - side), (n, 9, 2), device=view.device)
        reach = torch.arange(side, device=view.device)
        y = ((order // 3) * cell + offsets[..., 0])[..., None, None] + reach[:, None]
        x = ((order % 3) * cell + offsets[..., 1])[..., None, None] + reach
        rows = torch.arange(n, device=view.device)[:, None, None, None]
        patches = view.permute(0, 2, 3, 1)[rows, y, x]
        return patches.reshape(n * 9, side, side, c).permute(0, 3, 1, 2)


methods = {
    **{"simclr": SimCLR, "vicreg": VICReg, "byol": BYOL, "simsiam": SimSiam},
    **{"barlow_twins": BarlowTwins, "moco_v2": MoCoV2, "moco_v3": MoCoV3, "nnclr": NNCLR},
    **{"supcon": SupCon, "dino": DINO, "swav": SwAV, "deepcluster_v2": DeepClusterV2, "pirl": PIRL},
}
