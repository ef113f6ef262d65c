namespace TorchSharp.Modules;

/// <summary>A tensor that a module learns: assigned to a module's field, it is one of its parameters.</summary>
public class Parameter : torch.Tensor
{
    /// <param name="data">a tensor, which becomes empty: the parameter takes it over</param>
    /// <param name="requires_grad">whether it learns</param>
    public Parameter(torch.Tensor data, bool requires_grad = true) : base(data.with_requires_grad(requires_grad))
    {
    }
}
