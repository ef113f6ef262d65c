using Workbench.Data.Filters;
using Workbench.Data.Sampling;

namespace Workbench.Web.Commands.Data;

/// <summary>The rows of each part while the input is read once.</summary>
internal sealed class SplitSpools : IDisposable
{
    private readonly Dictionary<SplitPart, RowSpool> spools = Enum.GetValues<SplitPart>().ToDictionary(part => part, _ => new RowSpool());

    public void Add(SplitPart part, RowItem item) => spools[part].Add(item);

    public IEnumerable<RowItem> Read(SplitPart part) => spools[part].Read();

    public void Dispose()
    {
        foreach (var spool in spools.Values)
        {
            spool.Dispose();
        }
    }
}
