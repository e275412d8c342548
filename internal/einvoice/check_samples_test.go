package einvoice_test
import ("testing";"os";"path/filepath";"feierabend/internal/einvoice")
func TestX(t *testing.T){
 fs,_:=filepath.Glob("/work/shared/einvoice-samples/xrechnung/*.xml")
 for _,f:=range fs { b,_:=os.ReadFile(f); d,err:=einvoice.Parse(b); if err!=nil {t.Log(filepath.Base(f),"PARSE",err);continue}
  for _,x:=range einvoice.Check(d){ t.Log(filepath.Base(f),x.Severity,x.Rule,x.Text)} }
}
