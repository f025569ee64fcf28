"""A small PyTorch network on two spirals. After a lost trainer it goes on from its checkpoint, with the same numbers."""

import math

import sintonia
import torch

values = sintonia.values({"rate": 0.01, "units": 32})
torch.manual_seed(sintonia.seed())
torch.set_num_threads(sintonia.threads())


def spirals(count):
    turn = torch.rand(count) * 3 * math.pi
    side = torch.randint(0, 2, (count,))
    angle = turn + side * math.pi
    points = torch.stack([turn * torch.cos(angle), turn * torch.sin(angle)], 1) / (3 * math.pi)
    return points + 0.02 * torch.randn(count, 2), side


(x, y), (x_validation, y_validation) = spirals(2000), spirals(500)
model = torch.nn.Sequential(
    torch.nn.Linear(2, values["units"]), torch.nn.Tanh(),
    torch.nn.Linear(values["units"], values["units"]), torch.nn.Tanh(),
    torch.nn.Linear(values["units"], 2),
)
optimizer = torch.optim.Adam(model.parameters(), lr=values["rate"])
saved = sintonia.checkpoint() / "state.pt"
start = 0
if saved.exists():
    state = torch.load(saved)
    start = state["epoch"]
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    torch.set_rng_state(state["random"])

for epoch in range(start, 30):
    for rows in torch.randperm(len(x)).split(64):
        loss = torch.nn.functional.cross_entropy(model(x[rows]), y[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        accuracy = (model(x_validation).argmax(1) == y_validation).float().mean().item()
    state = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "random": torch.get_rng_state()}
    torch.save({"epoch": epoch + 1, **state}, saved)
    if not sintonia.report(val_accuracy=accuracy, loss=loss.item(), epoch=epoch, checkpoint=True):
        break

torch.save(model.state_dict(), sintonia.artifacts() / "model.pt")
